export { openShop, type Workflows } from './pull-requests/shop.ts'
